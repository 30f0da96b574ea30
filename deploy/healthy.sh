#!/bin/sh
# Ends with 0 if a host on this machine is ready: healthy.sh PORT. Over HTTPS where the host has a certificate, as
# amoe takes it from the environment, and over HTTP otherwise.
set -u
question='GET /health/ready HTTP/1.0\r\n\r\n'
if [ -n "${AMOE_Https__Certificate:-}" ]; then
    # Whose certificate it is does not matter here: the connection does not leave the machine.
    answer=$(printf "$question" | openssl s_client -quiet -connect "127.0.0.1:$1" 2>/dev/null)
else
    asks='exec 3<>"/dev/tcp/127.0.0.1/$0" && printf "$1" >&3 && cat <&3'
    answer=$(bash -c "$asks" "$1" "$question" 2>/dev/null)
fi
case $answer in
    'HTTP/1.1 200 '*) exit 0 ;;
    *) exit 1 ;;
esac
